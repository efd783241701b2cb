package clip

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestTheCacheForgets(t *testing.T) {
	fetches := map[string]int{}
	c := newCache(func(_ context.Context, src string) ([]byte, error) {
		fetches[src]++ // one caller at a time in this test
		return make([]byte, keepBytes/4), nil
	})
	defer c.close()
	now := time.Unix(0, 0)
	c.now = func() time.Time { return now }
	get := func(src string, want int) {
		t.Helper()
		if _, err := c.get(t.Context(), src); err != nil {
			t.Fatal(err)
		}
		if fetches[src] != want {
			t.Errorf("%s was fetched %d times, want %d", src, fetches[src], want)
		}
	}
	get("a", 1)
	now = now.Add(keepFor - 1)
	get("a", 1)
	now = now.Add(1)
	get("a", 2) // a minute is over
	for i := range 4 {
		now = now.Add(time.Second)
		get(fmt.Sprint(i), 1)
	}
	get("3", 1)
	get("a", 3) // it had to make room
	if c.bytes > keepBytes || c.bytes != int64(len(c.entries))*keepBytes/4 {
		t.Errorf("%d bytes in %d entries", c.bytes, len(c.entries))
	}
}

func TestAFailureIsKeptForAWhile(t *testing.T) {
	fetches := 0
	c := newCache(func(context.Context, string) ([]byte, error) {
		fetches++
		return nil, errors.New("gone")
	})
	defer c.close()
	now := time.Unix(0, 0)
	c.now = func() time.Time { return now }
	for i, want := range []int{1, 1, 2} {
		if i == 2 {
			now = now.Add(keepFailure)
		}
		if _, err := c.get(t.Context(), "a"); err == nil || fetches != want {
			t.Errorf("%d fetches, want %d, %v", fetches, want, err)
		}
	}
}
