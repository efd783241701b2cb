package command

import "github.com/dustin/go-humanize"

// size is a flag of bytes, such as 512MiB or 2GB.
type size int64

func (s *size) String() string { return humanize.IBytes(uint64(*s)) }
func (s *size) Type() string   { return "size" }

func (s *size) Set(text string) error {
	n, err := humanize.ParseBytes(text)
	if err != nil {
		return err
	}
	*s = size(n)
	return nil
}
