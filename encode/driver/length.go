package driver

import "fmt"

// CheckLength returns enc with a Close that fails unless frames frames came;
// with frames -1 it returns enc itself. It spares simple formats the counting
// that [Encoder.Close] asks for.
func CheckLength(enc Encoder, frames int64) Encoder {
	if frames < 0 {
		return enc
	}
	return &counted{enc, frames, 0}
}

type counted struct {
	Encoder
	announced, frames int64
}

func (c *counted) Encode(frames []float32) error {
	c.frames += int64(len(frames))
	return c.Encoder.Encode(frames)
}

func (c *counted) Close() error {
	if c.frames != c.announced {
		return fmt.Errorf("%d frames were announced and %d came", c.announced, c.frames)
	}
	return c.Encoder.Close()
}
