"""What is sent: pages, error pages, files for partners and for machines.

May import every other package, but not ``cli``.
"""
