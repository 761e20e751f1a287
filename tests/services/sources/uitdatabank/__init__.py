"""The adapter of UiTdatabank: over a real socket, and over every sample publiq left us."""
