package install

import (
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/internal/voicestore"
)

// LicenceError is that a licence was not accepted.
type LicenceError struct {
	Item string
	// Licence is its name and Class what it asks for.
	Licence string
	Class   voicestore.Class
	// Text is the licence or the card that tells of it, as far as it was found.
	Text string
}

func (e *LicenceError) Error() string { return fault.From(e.Unwrap()).Public() }

// Unwrap is the error as a fault: FAILED_PRECONDITION.
func (e *LicenceError) Unwrap() error {
	what := "does not allow every use"
	if e.Class == voicestore.Unclear {
		what = "is not one that is known to allow every use"
	}
	return fault.New(fault.FailedPrecondition,
		"The licence of %s (%s) %s. It is installed only if its licence is accepted: read it, then give --accept-licence.", e.Item, e.Licence, what)
}

// allowed is nil if the item's licence is one that asks for little or was
// accepted.
func (s *Store) allowed(item voicestore.Item, text []byte, o InstallOptions) error {
	if o.AcceptLicence || item.Class == voicestore.Free || item.Class == voicestore.Attribution {
		return nil
	}
	return &LicenceError{Item: item.Name, Licence: item.Licence, Class: item.Class, Text: string(text)}
}
