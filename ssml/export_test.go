package ssml

// What tests from outside look at.

const (
	MaxRepeats        = maxRepeats
	MinSpeed          = minSpeed
	MaxSpeed          = maxSpeed
	MaxBreak          = maxBreak
	DefaultMaxBytes   = defaultMaxBytes
	MaxGainDB         = maxGainDB
	MinRate           = minRate
	MaxRate           = maxRate
	MaxPitchSemitones = maxPitchSemitones
)
