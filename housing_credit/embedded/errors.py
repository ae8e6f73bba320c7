"""What can go wrong with the embedded services, in a sentence that says what to do."""


class EmbeddedServiceError(Exception):
    """The embedded PostgreSQL or Redis cannot be used; the text is one sentence for whoever started the program."""
