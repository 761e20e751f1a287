"""The attacks: the table of doors, the fuzz, the sessions and the hosts. All of them should find nothing."""
