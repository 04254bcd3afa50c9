"""Views: visitor pages, error pages, files for partners, and robots, sitemaps and health.

May import every other package except ``cli``.
"""
