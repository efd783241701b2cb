package listener

import "testing"

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		want, got     string
		errors, words int
	}{
		{"one two three", "one two three", 0, 3},
		{"one two three", "one three", 1, 3},
		{"one two", "one oh two", 1, 2},
		{"one two", "two one", 2, 2},
		{"one", "", 1, 1},
	} {
		if errors, words := Errors(c.want, c.got); errors != c.errors || words != c.words {
			t.Errorf("%q heard as %q: %d of %d", c.want, c.got, errors, words)
		}
	}
}

func TestParse(t *testing.T) {
	heard, err := parse("1 S 0 T -6 A -5 L -6 0 -1 -3 <sil> 21 -5 0 three 55 0 0 (NULL) 56 -4 0 a(2) 76 -1 0 <sil> 80\n0 S 0 T 0 A 0 L 0\n", 2)
	if err != nil || len(heard[0]) != 0 || len(heard[1]) != 2 {
		t.Fatalf("%v %v", heard, err)
	}
	if w := heard[1][0]; w.Text != "three" || w.Start != 21*frame || w.End != 55*frame {
		t.Errorf("%+v", w)
	}
	if w := heard[1][1]; w.Text != "a" || w.End != 76*frame {
		t.Errorf("%+v", w)
	}
}

func TestTexts(t *testing.T) {
	for texts, want := range map[*[]string]int{new(Numbers()): 20, new(Orders()): 50} {
		once := map[string]bool{}
		for _, text := range *texts {
			once[text] = true
		}
		if len(*texts) != want || len(once) != want {
			t.Errorf("there are %d texts, %d of them different: %q", len(*texts), len(once), *texts)
		}
	}
	if first := Numbers()[0]; first != "three one four one five nine two six" {
		t.Errorf("the first number is %q", first)
	}
}
