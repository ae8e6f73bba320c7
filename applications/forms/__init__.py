"""What the window's pages take in: sections of the declaration, papers, signatures."""
