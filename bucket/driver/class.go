package driver

import (
	"errors"
	"io/fs"
	"net"
	"syscall"
)

// Class is what an error means for whoever wanted to write or read.
type Class string

// The classes.
const (
	// Full: there is no room left, or no quota.
	Full Class = "full"
	// Denied: the store does not let this server do it.
	Denied Class = "denied"
	// Gone: what the call was about is not there.
	Gone Class = "gone"
	// NoBucket: the bucket itself is not there.
	NoBucket Class = "no bucket"
	// Away: the store cannot be reached; it is tried again.
	Away Class = "away"
	// Other errors may pass.
	Other Class = ""
)

// Error is an error whose class a driver has found out.
type Error struct {
	Class Class
	// Where is what the error is about, in words for an operator.
	Where string
	Err   error
}

func (e *Error) Error() string { return e.Where + ": " + e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }

// ClassOf is the class of an error, be it a driver's or the system's.
func ClassOf(err error) Class {
	var e *Error
	switch {
	case errors.As(err, &e) && e.Class != Other:
		return e.Class
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return Full
	case errors.Is(err, syscall.EROFS), errors.Is(err, fs.ErrPermission):
		return Denied
	case errors.Is(err, fs.ErrNotExist):
		return Gone
	case e != nil && errors.As(err, new(*net.OpError)):
		return Away
	}
	return Other
}

// Advice is what an operator may do about an error of a store that others serve.
func Advice(err error) string {
	switch ClassOf(err) {
	case Away:
		return "look whether the address is right and the network lets the server there"
	case Denied:
		return "its credentials are wrong there, or lack the right to write, read, list or remove"
	case NoBucket, Gone:
		return "the bucket does not exist: make it, or name another"
	case Full:
		return "make room there"
	}
	return "look whether its address and its credentials are right"
}
