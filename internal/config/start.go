package config

import "time"

// ProbeTime is how long the stores of objects may take to answer at the start.
const ProbeTime = 10 * time.Second
