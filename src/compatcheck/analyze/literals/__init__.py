"""Versions that texts carry: formats, patterns, names of codecs, wherever a known function reads them."""
