"""Anchors that a regular expression cannot say: functions from a text's bytes to offsets worth a look. No trees here."""
