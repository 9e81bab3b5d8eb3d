"""Parts of a call that several verbs share."""
