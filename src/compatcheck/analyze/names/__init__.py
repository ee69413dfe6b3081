"""Which thing of the standard library does a word mean? Starts at suspicious words, never walks the whole tree."""
