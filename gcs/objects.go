package gcs

import (
	"encoding/base64"
	"net/http"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/fault"
)

// token is where a page ended, as the client gives it back.
func token(after string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(after))
}

func openToken(token string) (string, error) {
	after, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return "", fault.Invalid("pageToken", "The page token is none that this server has given.")
	}
	return string(after), nil
}

func (a *API) listObjects(c *call) error {
	if err := a.allow(c, read); err != nil {
		return err
	}
	l, end, err := c.listing()
	if err != nil {
		return err
	}
	there, err := a.buckets.HasBucket(c.Context(), c.bucket)
	if err == nil && !there {
		err = bucket.NoSuchBucket(c.bucket)
	}
	if err != nil {
		return err
	}
	entries, next, err := a.buckets.List(c.Context(), c.bucket, l)
	if err != nil {
		return err
	}
	answer := struct {
		Kind     string           `json:"kind"`
		Items    []objectResource `json:"items,omitempty"`
		Prefixes []string         `json:"prefixes,omitempty"`
		Next     string           `json:"nextPageToken,omitempty"`
	}{Kind: "storage#objects"}
	if next != "" {
		answer.Next = token(next)
	}
	for _, e := range entries {
		if end != "" && e.Name >= end {
			answer.Next = ""
			break
		}
		if e.Folder {
			answer.Prefixes = append(answer.Prefixes, e.Name)
		} else {
			answer.Items = append(answer.Items, a.objectResource(c, e.Object, e.Attributes))
		}
	}
	return writeJSON(c.w, http.StatusOK, answer)
}

// listing reads what a list shall tell; end is the first name that it shall not.
func (c *call) listing() (l bucket.Listing, end string, err error) {
	if l.Limit, err = c.results(); err != nil {
		return l, "", err
	}
	switch delimiter := c.query.Get("delimiter"); delimiter {
	case "":
	case "/":
		l.Folders = true
	default:
		return l, "", fault.Invalid("delimiter", "The delimiter %.20q is not supported; use / or none.", delimiter)
	}
	for _, parameter := range []string{"matchGlob", "filter"} {
		if c.query.Get(parameter) != "" {
			return l, "", fault.Invalid(parameter, "It is not supported; use prefix.")
		}
	}
	l.Prefix, l.From, end = c.query.Get("prefix"), c.query.Get("startOffset"), c.query.Get("endOffset")
	l.After, err = openToken(c.query.Get("pageToken"))
	return l, end, err
}

func (a *API) getObject(c *call) error {
	if c.query.Get("alt") == "media" {
		return a.media(c)
	}
	o, k, err := a.asked(c, read)
	if err != nil {
		return err
	}
	at, err := a.buckets.Stat(c.Context(), o)
	if err == nil {
		err = k.check(&at)
	}
	if err != nil {
		return err
	}
	return writeJSON(c.w, http.StatusOK, a.objectResource(c, o, at))
}

// asked is the object that a call is about, and under which conditions; an error if its
// caller may not do that.
func (a *API) asked(c *call, what action) (bucket.Object, conditions, error) {
	if err := a.allow(c, what); err != nil {
		return bucket.Object{}, conditions{}, err
	}
	k, err := c.conditions()
	if err != nil {
		return bucket.Object{}, conditions{}, err
	}
	o, err := c.object()
	if err != nil {
		return bucket.Object{}, conditions{}, noSuchObject(err)
	}
	return o, k, nil
}

// noSuchObject is the error of a name that no object can have: there is none.
func noSuchObject(err error) error {
	return fault.New(fault.NotFound, "There is no such object: %s", fault.From(err).Public())
}

func (a *API) deleteObject(c *call) error {
	o, k, err := a.asked(c, remove)
	if err != nil {
		return err
	}
	if err := a.buckets.Remove(c.Context(), o, k.beforeChange); err != nil {
		return err
	}
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}
