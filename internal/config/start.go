package config

import "time"

// LeastRoom is the free space of the data's disk below which no work should come, in
// bytes.
const LeastRoom = 64 << 20

// ProbeTime is how long the stores of objects may take to answer at the start.
const ProbeTime = 10 * time.Second
