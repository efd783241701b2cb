// Package bucket keeps the finished objects of long operations, gs://bucket/object,
// and the scratch that they are made from: in directories, or in object stores.
//
// A [Store] is made with [New] of drivers, one for all buckets and others for
// some of them: packages bucket/file and bucket/blob.
//
// An object is written in two steps: [Store.Stage], [Upload.Write] and
// [Upload.Seal] make it and the captions beside it whole and durable without
// showing them; [Upload.Commit] shows them, the object first. After a crash any
// process can go on with the [Upload.Receipt] of what was sealed:
// [Store.Committed] tells on which side of the commit it happened.
//
// The package knows nothing of speech, HTTP or operations beyond their ids,
// which must be safe as file names ([0-9a-z]+). It is safe for concurrent use.
package bucket

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/lectern/lectern/bucket/driver"
	"github.com/lectern/lectern/fault"
)

// Object is the place of an output: gs://Bucket/Name.
type Object = driver.Object

// Class is what an error means; see [ClassOf].
type Class = driver.Class

// The classes of errors.
const (
	Full     = driver.Full
	Denied   = driver.Denied
	Gone     = driver.Gone
	NoBucket = driver.NoBucket
	Away     = driver.Away
)

// ClassOf is the class of an error of this package.
func ClassOf(err error) Class { return driver.ClassOf(err) }

// Config is what a Store is made of, which closes it.
type Config struct {
	// All has every bucket that Mapped has not, as the first part of its keys.
	All driver.Store
	// Mapped are the stores of buckets by their names.
	Mapped  map[string]driver.Store
	Scratch driver.Scratch
}

// Store is where all objects and all scratch are. Make one with [New].
type Store struct {
	all     driver.Store
	mapped  map[string]driver.Store
	scratch driver.Scratch
	names   Names
	ahead   places
}

// New makes a Store.
func New(c Config) *Store {
	return &Store{all: c.All, mapped: c.Mapped, scratch: c.Scratch}
}

// stores are all drivers, each once.
func (s *Store) stores() []driver.Store {
	stores := []driver.Store{s.all}
	for _, m := range s.mapped {
		if !slices.Contains(stores, m) {
			stores = append(stores, m)
		}
	}
	return stores
}

// Close ends the use of the drivers. What was staged stays for the next start.
func (s *Store) Close() error {
	errs := []error{s.scratch.Close()}
	for _, d := range s.stores() {
		errs = append(errs, d.Close())
	}
	return errors.Join(errs...)
}

// Mapped are the names of the buckets that are mapped, in order.
func (s *Store) Mapped() []string { return slices.Sorted(maps.Keys(s.mapped)) }

// at is where an object stands: in which store, and there.
func (s *Store) at(o Object) (driver.Store, driver.Place) {
	if d, ok := s.mapped[o.Bucket]; ok {
		return d, driver.Place{Object: o, Key: o.Name}
	}
	return s.all, driver.Place{Object: o, Key: o.Bucket + "/" + o.Name}
}

// Probe reports whether objects and scratch can be written, everywhere. Its error
// has sentences for the operator.
func (s *Store) Probe(ctx context.Context) error {
	var errs []error
	for _, d := range s.stores() {
		errs = append(errs, d.Probe(ctx))
	}
	return errors.Join(append(errs, s.probeScratch(ctx))...)
}

// probeScratch writes a piece of no operation and removes it.
func (s *Store) probeScratch(ctx context.Context) error {
	id := "probe" + newNumber()
	piece, err := s.scratch.Create(ctx, id, "probe")
	if err == nil {
		_, err = piece.Write([]byte("lectern"))
		if err == nil {
			err = piece.Close()
		}
		// What cannot be written cannot be removed either, and one finding is enough.
		abandoned, discarded := piece.Abandon(), s.scratch.Discard(ctx, id)
		err = cmp.Or(err, abandoned, discarded)
	}
	switch {
	case err == nil:
		return nil
	case errors.As(err, new(*driver.Error)):
		return fmt.Errorf("scratch cannot be written: %s (%w)", driver.Advice(err), err)
	}
	return fmt.Errorf("scratch cannot be written: %w", err)
}

// Check reports whether o could be committed as things stand. The error is a
// fault that quotes the URI. A folder that is missing is made at commit.
func (s *Store) Check(ctx context.Context, o Object) error {
	d, place := s.at(o)
	return d.Check(ctx, place)
}

// CheckBeside is [Store.Check] for the captions of o. An object that is no captions
// of o is never replaced by them: that, too, is FAILED_PRECONDITION.
func (s *Store) CheckBeside(ctx context.Context, o Object, extensions []string) error {
	for _, extension := range extensions {
		if err := s.checkCaptions(ctx, o, o.Beside(extension)); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) checkCaptions(ctx context.Context, o, beside Object) error {
	d, place := s.at(beside)
	if err := d.Check(ctx, place); err != nil {
		return err
	}
	switch shown, belongs, err := d.Belongs(ctx, place, o); {
	case err != nil:
		return fault.New(fault.FailedPrecondition, "This store cannot say what %q belongs to; choose another object name.", beside).Because(err)
	case shown && !belongs:
		return fault.New(fault.FailedPrecondition, "%q exists and is no captions of %q; remove it or choose another object name.", beside, o)
	}
	return nil
}

// Kept are the ids of operations of which anything is staged or in scratch, and of
// insertions that cannot be under way any more.
func (s *Store) Kept(ctx context.Context) ([]string, error) {
	ids, err := s.scratch.Kept(ctx)
	errs := []error{err}
	for _, d := range s.stores() {
		staged, err := d.Kept(ctx)
		ids, errs = append(ids, staged...), append(errs, err)
	}
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), isInserting), errors.Join(errs...)
}

// Discard removes what operation id has staged and its scratch. It is idempotent and
// never touches a committed object.
func (s *Store) Discard(ctx context.Context, id string) error {
	var errs []error
	for _, d := range s.stores() {
		errs = append(errs, d.Discard(ctx, id))
	}
	return errors.Join(append(errs, s.scratch.Discard(ctx, id))...)
}

// Scratch is where the pieces are that objects are made of.
func (s *Store) Scratch() driver.Scratch { return s.scratch }
