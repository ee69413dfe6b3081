"""Rules about the tree. One function a check, named `module.function` by the rule files; no module knows another's."""
