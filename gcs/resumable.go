package gcs

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/fault"
)

// session is an upload whose bytes come in several requests, to this server alone.
type session struct {
	id   string
	of   string // the projects of the caller; empty where nobody is asked
	k    conditions
	in   *intake
	turn chan struct{} // holds an element while a request is served

	// Of the one whose turn it is.
	said  described
	shown *bucket.Attributes // once it is over
	ended bool               // dropped, or shown

	idle *time.Timer
	over bool // no more bytes come; of the sessions' lock
}

const (
	// sessionTime is how long a session waits for its next request.
	sessionTime = time.Hour
	// mostSessions is how many there are at once. Each is an open file, or some
	// parts of an upload to an object store.
	mostSessions = 64
	// mostOfProject is how many of them one project may have, where callers are known.
	mostOfProject = mostSessions / 4
	// shownTime is how long it is known what came of one, for a client that has not
	// got the answer.
	shownTime = time.Minute
)

// sessions are those of a server.
type sessions struct {
	mu     sync.Mutex
	by     map[string]*session
	open   int // of which more bytes may come
	closed bool
}

// add keeps a session. The error is RESOURCE_EXHAUSTED if there are too many.
func (all *sessions) add(s *session) error {
	all.mu.Lock()
	defer all.mu.Unlock()
	if all.by == nil {
		all.by = make(map[string]*session)
	}
	if all.open >= mostSessions || all.closed {
		return fault.New(fault.ResourceExhausted, "%d resumable uploads are under way, and there can be no more. Try again when some have ended.", all.open).Retry(10 * time.Second)
	}
	if s.of != "" && all.openOf(s.of) >= mostOfProject {
		return fault.New(fault.ResourceExhausted, "%d resumable uploads of yours are under way, and there can be no more. Try again when some have ended.", mostOfProject).Retry(10 * time.Second)
	}
	all.by[s.id] = s
	all.open++
	s.idle = time.AfterFunc(sessionTime, func() { all.expire(s) })
	return nil
}

// openOf is how many sessions of some projects may get more bytes. The caller has the lock.
func (all *sessions) openOf(projects string) (n int) {
	for _, s := range all.by {
		if s.of == projects && !s.over {
			n++
		}
	}
	return n
}

func (all *sessions) get(id string) *session {
	all.mu.Lock()
	defer all.mu.Unlock()
	return all.by[id]
}

// expire ends a session that nobody has asked for, unless somebody just does.
func (all *sessions) expire(s *session) {
	if all.get(s.id) == nil {
		return // it has ended just now
	}
	select {
	case s.turn <- struct{}{}:
		all.end(s)
		<-s.turn
	default:
		s.idle.Reset(sessionTime)
	}
}

// end forgets a session, whose turn the caller has, and drops what does not show.
func (all *sessions) end(s *session) {
	if !s.ended {
		s.in.drop()
		all.over(s)
	}
	s.idle.Stop()
	all.mu.Lock()
	defer all.mu.Unlock()
	delete(all.by, s.id)
}

// over notes that no more bytes can come.
func (all *sessions) over(s *session) {
	s.ended = true
	s.idle.Reset(shownTime)
	all.mu.Lock()
	defer all.mu.Unlock()
	s.over = true
	all.open--
}

// close ends all sessions. No request is being served.
func (all *sessions) close() {
	all.mu.Lock()
	all.closed = true
	var open []*session
	for _, s := range all.by {
		open = append(open, s)
	}
	all.mu.Unlock()
	for _, s := range open {
		s.turn <- struct{}{}
		all.end(s)
		<-s.turn
	}
}

// begin answers with the address of a new session.
func (a *API) begin(c *call, o bucket.Object, k conditions, said described) error {
	in, err := a.take(context.Background(), c, o) // it outlives the request
	if err != nil {
		return err
	}
	s := &session{id: rand.Text(), of: projectsOf(c), k: k, in: in, said: said, turn: make(chan struct{}, 1)}
	if err := a.sessions.add(s); err != nil {
		in.drop()
		return err
	}
	at := url.Values{"uploadType": {"resumable"}, "name": {o.Name}, "upload_id": {s.id}}
	if project := c.query.Get("project"); project != "" {
		at.Set("project", project)
	}
	c.w.Header().Set("Location", c.base()+uploadPath+"b/"+o.Bucket+"/o?"+at.Encode())
	c.w.Header().Set("X-GUploader-UploadID", s.id)
	c.w.WriteHeader(http.StatusOK)
	return nil
}

// projectsOf are the caller's projects; empty where nobody is asked.
func projectsOf(c *call) string {
	p := auth.From(c.Context())
	if p.IsAnonymous() {
		return ""
	}
	return strings.Join(p.Projects, ", ")
}

// resume serves a request of a session: bytes, the question how many have come, or
// the wish to end it.
func (a *API) resume(c *call) error {
	s := a.sessions.get(c.query.Get("upload_id"))
	if s == nil || s.in.object.Bucket != c.bucket || s.of != projectsOf(c) {
		return fault.New(fault.NotFound, "There is no such upload: it has ended, waited for more than %v, or was begun with another server. Begin it again.", sessionTime)
	}
	select {
	case s.turn <- struct{}{}: // after a request whose connection has broken, perhaps
	case <-c.Context().Done():
		return fault.From(context.Cause(c.Context()))
	}
	defer func() { <-s.turn }()
	if !s.ended {
		s.idle.Reset(sessionTime)
	}
	switch {
	case s.shown != nil:
		return writeJSON(c.w, http.StatusOK, a.objectResource(c, s.in.object, *s.shown))
	case s.ended:
		return fault.New(fault.NotFound, "The upload has ended.")
	case c.Method == http.MethodDelete:
		a.sessions.end(s)
		c.w.WriteHeader(499)
		return nil
	case c.Method != http.MethodPut && c.Method != http.MethodPost:
		return missing(c.Request)
	}
	return a.receive(c, s)
}

// receive takes what a request brings.
func (a *API) receive(c *call, s *session) error {
	r, err := readContentRange(c.Header.Get("Content-Range"))
	if err != nil {
		return err
	}
	s.said.heed(c.Header)
	if !r.question && r.from > s.in.size {
		return a.incomplete(c, s) // the client goes on from where that says
	}
	if !r.question {
		err := s.take(c.Body, r)
		if s.in.refused != nil {
			a.sessions.end(s)
		}
		if err != nil {
			return err
		}
		if r.toTheEnd && r.total < 0 {
			r.total = s.in.size
		}
	}
	switch {
	case r.total < 0 || s.in.size < r.total:
		return a.incomplete(c, s)
	case s.in.size > r.total:
		defer a.sessions.end(s)
		return fault.New(fault.InvalidArgument, "%d bytes have come of an object of %d.", s.in.size, r.total)
	}
	at, err := s.in.show(c.Context(), s.k, s.said)
	a.sessions.over(s) // what does not show is dropped
	if err != nil {
		a.sessions.end(s)
		return err
	}
	s.shown = &at // for who has not got the answer
	return writeJSON(c.w, http.StatusOK, a.objectResource(c, s.in.object, at))
}

// take adds what is new of a body.
func (s *session) take(body io.Reader, r contentRange) error {
	if !r.toTheEnd {
		body = io.LimitReader(body, r.size)
	}
	if _, err := io.CopyN(io.Discard, body, s.in.size-r.from); err != nil && err != io.EOF {
		return err
	}
	_, err := io.Copy(s.in, body)
	return err
}

// incomplete tells how much has come. Some clients cannot do with a 308.
func (a *API) incomplete(c *call, s *session) error {
	h := c.w.Header()
	if s.in.size > 0 {
		h.Set("Range", fmt.Sprintf("bytes=0-%d", s.in.size-1))
	}
	h.Set("X-GUploader-UploadID", s.id)
	h.Set("Content-Length", "0")
	status := http.StatusPermanentRedirect
	if strings.EqualFold(c.Header.Get("X-GUploader-No-308"), "yes") {
		h.Set("X-Http-Status-Code-Override", strconv.Itoa(status))
		status = http.StatusOK
	}
	c.w.WriteHeader(status)
	return nil
}

// contentRange is which bytes of an object a request brings.
type contentRange struct {
	question   bool // none
	toTheEnd   bool // all from one on, however many
	from, size int64
	total      int64 // of the object; -1 if it is not known yet
}

// readContentRange reads bytes A-B/TOTAL, bytes A-*/TOTAL, bytes */TOTAL, each with *
// for a total that is not known, or nothing.
func readContentRange(header string) (r contentRange, err error) {
	r.total = -1
	if header == "" {
		r.toTheEnd = true
		return r, nil
	}
	bad := func() (contentRange, error) {
		return r, fault.New(fault.InvalidArgument, "The Content-Range %.100q is not of the form bytes FIRST-LAST/TOTAL.", header)
	}
	span, total, ok := strings.Cut(strings.TrimSpace(strings.TrimPrefix(header, "bytes")), "/")
	if !ok || !strings.HasPrefix(header, "bytes") {
		return bad()
	}
	if total != "*" {
		if r.total, err = strconv.ParseInt(total, 10, 64); err != nil || r.total < 0 {
			return bad()
		}
	}
	if span == "*" {
		r.question = true
		return r, nil
	}
	first, last, _ := strings.Cut(span, "-")
	r.from, err = strconv.ParseInt(first, 10, 64)
	if last == "*" && err == nil && r.from >= 0 {
		r.toTheEnd = true
		return r, nil
	}
	to, unread := strconv.ParseInt(last, 10, 64)
	if err != nil || unread != nil || r.from < 0 || to < r.from || r.total >= 0 && to >= r.total {
		return bad()
	}
	r.size = to - r.from + 1
	return r, nil
}
