"""Messages by e-mail: the address of a person, and the letters that go there."""
