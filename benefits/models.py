"""What an approved household gets, until it ends.

Approved applications wait here by their status; homes and rents come next.
"""
