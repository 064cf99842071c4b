"""`kg serve`: the graph as a web service to read it, by people and by programs. Needs the extra `serve`."""
