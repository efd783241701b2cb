package bucket

import (
	"encoding/json"
	"fmt"

	"github.com/lectern/lectern/bucket/driver"
)

// sealed is what a receipt holds, as plain values: they are kept in a database
// and read by other processes and later releases.
type sealed struct {
	Object   driver.Receipt   `json:"object"`
	Captions []driver.Receipt `json:"companions,omitempty"` // stored by their older name
	old      bool             // captions that are not there were none
}

func (s sealed) bytes() []byte {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // of strings and numbers
	}
	return b
}

// oldExtensions are those of captions when receipts did not name them.
var oldExtensions = []string{".json", ".srt", ".vtt"}

// readReceipt reads what bytes has written, or the receipts of releases in which
// everything was staged in the data directory as ID and ID.EXTENSION, which are
// the mark of the object's file.
func (s *Store) readReceipt(id string, place driver.Place, receipt []byte) (sealed, error) {
	var read sealed
	if receipt[0] == '{' {
		if err := json.Unmarshal(receipt, &read); err != nil {
			return read, fmt.Errorf("reading the receipt of %s: %w", place.Object, err)
		}
		return read, nil
	}
	read.old = true
	read.Object = driver.Receipt{Kind: "file", Attempt: driver.Attempt{Operation: id, Place: place}, Mark: string(receipt)}
	for _, extension := range oldExtensions {
		_, beside := s.at(place.Object.Beside(extension))
		read.Captions = append(read.Captions, driver.Receipt{
			Kind: "file", Attempt: driver.Attempt{Operation: id, Suffix: extension, Place: beside, Owner: place.Object},
		})
	}
	return read, nil
}
