"""What builds and checks: rules/stdlib, the judge, the fuzzer, the benchmarks. Never shipped, never imported by src."""
