"""First data of an installation: offices, sources, standards, time limits; and, in a demo, people to sign in as."""
