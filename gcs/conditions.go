package gcs

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/fault"
)

// metageneration is that of every object and bucket: what is known of one never
// changes.
const metageneration = 1

// conditions are what a client wants to be so of the object that shows.
type conditions struct {
	generation            *int64 // the only one that it speaks of
	match, notMatch       *int64 // 0 is that of none
	metaMatch, metaDiffer *int64
}

// conditions reads the call's, of the JSON API or, in headers, of the XML API.
func (c *call) conditions() (k conditions, err error) {
	for _, p := range []struct {
		name, header string
		to           **int64
	}{
		{"generation", "", &k.generation},
		{"ifGenerationMatch", "X-Goog-If-Generation-Match", &k.match},
		{"ifGenerationNotMatch", "", &k.notMatch},
		{"ifMetagenerationMatch", "X-Goog-If-Metageneration-Match", &k.metaMatch},
		{"ifMetagenerationNotMatch", "", &k.metaDiffer},
	} {
		value := c.query.Get(p.name)
		if value == "" && p.header != "" {
			value = c.Header.Get(p.header)
		}
		if value == "" {
			continue
		}
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return k, fault.Invalid(p.name, "%.40q is not a number.", value)
		}
		*p.to = &n
	}
	return k, nil
}

// check looks at what shows; nil if nothing does.
func (k conditions) check(now *bucket.Attributes) error {
	var generation, meta int64
	if now != nil {
		generation, meta = now.Generation, metageneration
	}
	switch {
	case k.generation != nil && *k.generation != generation:
		return fault.New(fault.NotFound, "There is no generation %d of the object; the one that shows is %d.", *k.generation, generation)
	case differs(k.match, generation), differs(k.metaMatch, meta):
		return refusal{fault.New(fault.FailedPrecondition, "At least one of the pre-conditions you specified did not hold: the object's generation is %d.", generation), http.StatusPreconditionFailed, "conditionNotMet"}
	case equals(k.notMatch, generation), equals(k.metaDiffer, meta):
		return refusal{fault.New(fault.FailedPrecondition, "The object's generation is still %d.", generation), http.StatusNotModified, "notModified"}
	}
	return nil
}

// beforeChange is check for what will be replaced or removed: 304 is for readers.
func (k conditions) beforeChange(now *bucket.Attributes) error {
	err := k.check(now)
	if r, ok := errors.AsType[refusal](err); ok && r.status == http.StatusNotModified {
		r.status, r.reason = http.StatusPreconditionFailed, "conditionNotMet"
		return r
	}
	return err
}

func differs(want *int64, is int64) bool { return want != nil && *want != is }
func equals(want *int64, is int64) bool  { return want != nil && *want == is }
