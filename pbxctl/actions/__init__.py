"""One function per human act: the command line, the page and the phones do the same thing by them."""
