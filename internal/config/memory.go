package config

// unknownMemory is what a machine is taken to have that does not say, in bytes.
const unknownMemory = 4 << 30
