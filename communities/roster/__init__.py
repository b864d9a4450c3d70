"""The list of who lives where (花名册): read, judged, stored; what is odd in it, and rows made by rule."""
