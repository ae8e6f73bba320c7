"""What `manage.py benchmark` sets beside our own way: the plain way and the raw ceiling. Not part of the product."""
