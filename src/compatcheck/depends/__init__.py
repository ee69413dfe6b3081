"""What a project declares: Python versions and packages, read from bytes and held against each other and the code.
Neither reads files nor asks anyone.
"""
