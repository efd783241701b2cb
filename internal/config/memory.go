package config

// unknownMemory is what a machine is taken to have that does not say, in bytes.
const unknownMemory = 4 << 30

// Memory is how much memory the server may have, in bytes: the machine's, or
// what a container or a service manager lets it have of that.
func Memory() int64 { return min(totalMemory(), memoryLimit()) }
