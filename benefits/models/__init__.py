"""What an approved household gets, until it ends. Approved applications wait by their status."""

from benefits.models.account import BOOKS_OF, Account, Book, Entry

__all__ = ["BOOKS_OF", "Account", "Book", "Entry"]
