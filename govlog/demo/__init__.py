"""The demonstration log: public facts about OS2 in our own wording, and an invented example."""
