package lectern

import (
	"fmt"
	"time"

	"github.com/lectern/lectern/bucket/file"
	"github.com/lectern/lectern/fault"
)

// room is the room that new work needs: what is under way shall find some, and so
// shall a cancel. Readiness, new operations and new objects ask the same one, so that
// none says other than the rest.
type room struct {
	disks []disk
}

// disk is where new work is written.
type disk struct {
	name string
	room func() (free, total int64, err error)
}

// newRoom is the room of the data directory, where the database is, and of scratch,
// which may be elsewhere.
func newRoom(data string, scratch func() (free, total int64, err error)) room {
	return room{[]disk{
		{data, func() (int64, int64, error) { return file.Room(data) }},
		{"the disk of scratch", scratch},
	}}
}

// check says which disk has too little room for new work, or nil.
func (r room) check() error {
	for _, d := range r.disks {
		free, total, err := d.room()
		if least := file.LeastRoom(total); err == nil && free < least { // else a system that does not tell
			return fmt.Errorf("%s has %d MiB left, and new work needs %d; free some", d.name, free>>20, least>>20)
		}
	}
	return nil
}

// refuse is check as a client sees it that brings something: what it is, in the plural.
func (r room) refuse(what string) error {
	if err := r.check(); err != nil {
		return fault.New(fault.Unavailable, "The server's disk is nearly full, and it takes no %s until there is room.", what).Because(err).Retry(time.Minute)
	}
	return nil
}
