package main

import (
	"fmt"
	"math"
	"strings"
)

// panel is a rectangle of the picture with axes.
type panel struct {
	left, top, width, height float64
	x, y                     axis
	log                      bool // of x
}

type axis struct {
	low, high float64
	name      string
	ticks     []float64
}

func (a axis) part(v float64) float64 { return (v - a.low) / (a.high - a.low) }

func (p panel) place(at point) (x, y float64) {
	if p.log {
		at.x = math.Log10(at.x)
	}
	return p.left + p.width*p.x.part(at.x), p.top + p.height*(1-p.y.part(at.y))
}

// picture draws both curves of a profile, as SVG.
func picture(id string, frequencies, levels curve) string {
	var b strings.Builder
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 340" font-family="sans-serif" font-size="12">` + "\n")
	b.WriteString(`<rect width="900" height="340" fill="white"/>` + "\n")
	fmt.Fprintf(&b, `<text x="50" y="24" font-size="15">%s</text>`+"\n", id)
	draw(&b, panel{left: 50, top: 40, width: 520, height: 250, log: true,
		x: axis{math.Log10(20), math.Log10(20000), "Hz", []float64{20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000}},
		y: axis{-30, 10, "dB against 1 kHz", []float64{-30, -20, -10, -3, 0, 10}},
	}, frequencies)
	draw(&b, panel{left: 640, top: 40, width: 240, height: 250,
		x: axis{-60, 0, "dB in", []float64{-60, -40, -20, 0}},
		y: axis{-60, 0, "dB out", []float64{-60, -40, -20, 0}},
	}, levels)
	b.WriteString("</svg>\n")
	return b.String()
}

func draw(b *strings.Builder, p panel, c curve) {
	for _, v := range p.x.ticks {
		x, _ := p.place(point{v, p.y.low})
		fmt.Fprintf(b, `<path d="M%.1f %.1fv%.1f" stroke="#ddd"/><text x="%.1f" y="%.1f" text-anchor="middle">%s</text>`+"\n",
			x, p.top, p.height, x, p.top+p.height+16, label(v))
	}
	for _, v := range p.y.ticks {
		low := p.x.low
		if p.log {
			low = math.Pow(10, low)
		}
		_, y := p.place(point{low, v})
		fmt.Fprintf(b, `<path d="M%.1f %.1fh%.1f" stroke="#ddd"/><text x="%.1f" y="%.1f" text-anchor="end">%s</text>`+"\n",
			p.left, y, p.width, p.left-4, y+4, label(v))
	}
	fmt.Fprintf(b, `<text x="%.1f" y="%.1f" text-anchor="middle">%s</text>`+"\n", p.left+p.width/2, p.top+p.height+34, p.x.name)
	fmt.Fprintf(b, `<text x="%.1f" y="%.1f">%s</text>`+"\n", p.left+4, p.top+14, p.y.name)
	b.WriteString(`<polyline fill="none" stroke="#0b62a4" stroke-width="2" points="`)
	separator := ""
	for _, at := range c {
		if at.y < p.y.low || at.y > p.y.high {
			continue
		}
		x, y := p.place(at)
		fmt.Fprintf(b, "%s%.1f,%.1f", separator, x, y)
		separator = " "
	}
	b.WriteString(`"/>` + "\n")
}

func label(v float64) string {
	if v >= 1000 {
		return fmt.Sprintf("%.0fk", v/1000)
	}
	return fmt.Sprintf("%.0f", v)
}
