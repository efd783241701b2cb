package gcs

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/lectern/lectern/fault"
)

func (a *API) serveXML(c *call) error { return a.media(c) }

// media answers with what an object holds, or a range of it.
func (a *API) media(c *call) error {
	o, k, err := a.asked(c, read)
	if err != nil {
		return err
	}
	open, err := a.buckets.Open(c.Context(), o)
	if err != nil {
		return err
	}
	defer open.Close()
	at := open.Attributes()
	if err := k.check(&at); err != nil {
		return err
	}
	if err := c.inRange(at.Size); err != nil {
		return err
	}
	known, ok := a.sums.of(o, at)
	if !ok && at.Size <= reckonedFirst {
		if known, err = reckon(open); err != nil {
			return err
		}
		ok = true
		a.sums.keep(o, at, known)
	}
	h := c.w.Header()
	h.Set("Content-Type", contentType(o.Name))
	h.Set("Etag", `"`+etag(at)+`"`)
	h.Set("Cache-Control", "private, max-age=0")
	// A browser shows it as a page of no site.
	h.Set("Content-Security-Policy", "sandbox")
	h.Set("X-Goog-Generation", strconv.FormatInt(at.Generation, 10))
	h.Set("X-Goog-Metageneration", strconv.Itoa(metageneration))
	h.Set("X-Goog-Storage-Class", storageClass)
	h.Set("X-Goog-Stored-Content-Length", strconv.FormatInt(at.Size, 10))
	if ok {
		h.Set("X-Goog-Hash", known.header())
		// Only where it is said do some clients check the sum, and want one.
		h.Set("X-Goog-Stored-Content-Encoding", "identity")
	}
	content := &following{ReadSeeker: io.NewSectionReader(open, 0, at.Size), summer: newSummer(false)}
	http.ServeContent(c.w, c.Request, "", at.Changed, content)
	if content.err != nil {
		return fmt.Errorf("reading %s: %w", o, content.err)
	}
	if !ok && content.next == at.Size {
		a.sums.keep(o, at, content.summer.sum())
	}
	return nil
}

// inRange refuses a range that begins behind an object's end. What cannot be read is
// no range.
func (c *call) inRange(size int64) error {
	wanted, ok := strings.CutPrefix(c.Header.Get("Range"), "bytes=")
	if !ok || strings.Contains(wanted, ",") || size == 0 {
		return nil
	}
	first, _, _ := strings.Cut(wanted, "-")
	from, err := strconv.ParseInt(strings.TrimSpace(first), 10, 64)
	if err != nil || from < size {
		return nil
	}
	c.w.Header().Set("Content-Range", fmt.Sprintf("bytes */%d", size))
	return fault.New(fault.OutOfRange, "The range %.100q begins behind the object's end: it has %d bytes.", c.Header.Get("Range"), size)
}
