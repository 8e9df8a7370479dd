// Filled as the room it tests is furnished.
