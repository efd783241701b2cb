package gcs

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/fault"
)

// maxResource is how long what describes a bucket or an object may be, in bytes.
const maxResource = 1 << 20

// readResource reads the JSON of a request's resource, empty if there is none.
func readResource(from io.Reader, to any) error {
	body, err := io.ReadAll(io.LimitReader(from, maxResource+1))
	switch {
	case err != nil:
		return err
	case len(body) > maxResource:
		return fault.New(fault.InvalidArgument, "The description is longer than %d bytes.", maxResource)
	case len(body) == 0:
		return nil
	}
	if err := json.Unmarshal(body, to); err != nil {
		return fault.New(fault.InvalidArgument, "The description is no JSON of a resource: %v.", err)
	}
	return nil
}

const (
	defaultResults = 1000
	maxResults     = 1000
)

// results is how many the caller wants on a page.
func (c *call) results() (int, error) {
	value := c.query.Get("maxResults")
	if value == "" {
		return defaultResults, nil
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 {
		return 0, fault.Invalid("maxResults", "%.40q is not a number of results.", value)
	}
	if n == 0 {
		n = defaultResults
	}
	return min(n, maxResults), nil
}

func (a *API) listBuckets(c *call) error {
	if err := a.allow(c, read); err != nil {
		return err
	}
	n, err := c.results()
	if err != nil {
		return err
	}
	after, err := openToken(c.query.Get("pageToken"))
	if err != nil {
		return err
	}
	answer := struct {
		Kind  string           `json:"kind"`
		Items []bucketResource `json:"items,omitempty"`
		Next  string           `json:"nextPageToken,omitempty"`
	}{Kind: "storage#buckets"}
	// However few are asked for: a directory is read whole for each look at it.
	const atOnce = 1000
	for more := true; more; {
		names, err := a.buckets.Buckets(c.Context(), after, atOnce)
		if err != nil {
			return err
		}
		more = len(names) == atOnce
		for _, name := range names {
			after = name
			if !strings.HasPrefix(name, c.query.Get("prefix")) {
				continue
			}
			open, err := a.open(c.Context(), auth.From(c.Context()), name)
			if err != nil {
				return err
			}
			if !open {
				continue
			}
			if len(answer.Items) == n {
				answer.Next = token(answer.Items[n-1].Name)
				return writeJSON(c.w, http.StatusOK, answer)
			}
			answer.Items = append(answer.Items, c.bucketResource(name))
		}
		if c.Context().Err() != nil {
			return context.Cause(c.Context())
		}
	}
	return writeJSON(c.w, http.StatusOK, answer)
}

func (a *API) insertBucket(c *call) error {
	var wanted struct{ Name string }
	if err := readResource(c.Body, &wanted); err != nil {
		return err
	}
	c.bucket = wanted.Name
	a.about(c.Context(), bucketResourceName(c.bucket))
	if err := a.allow(c, create); err != nil {
		return err
	}
	if err := a.buckets.MakeBucket(c.Context(), wanted.Name); err != nil {
		return err
	}
	return writeJSON(c.w, http.StatusOK, c.bucketResource(wanted.Name))
}

func (a *API) getBucket(c *call) error {
	if err := a.allow(c, read); err != nil {
		return err
	}
	there, err := a.buckets.HasBucket(c.Context(), c.bucket)
	if err == nil && !there {
		err = bucket.NoSuchBucket(c.bucket)
	}
	if err != nil {
		return err
	}
	return writeJSON(c.w, http.StatusOK, c.bucketResource(c.bucket))
}

func (a *API) deleteBucket(c *call) error {
	if err := a.allow(c, remove); err != nil {
		return err
	}
	if err := a.buckets.RemoveBucket(c.Context(), c.bucket); err != nil {
		return err
	}
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}
