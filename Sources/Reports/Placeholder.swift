// placeholder while the house is laid
