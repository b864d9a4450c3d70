"""The residents' phone page: one page of HTML and scripts that is itself a client of the REST API."""
