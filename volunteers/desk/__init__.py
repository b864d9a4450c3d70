"""The desk (工作台): one page per round that says where it stands and what to do next."""
