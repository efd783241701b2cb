package textnorm

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// How numbers agree with the noun behind them. What a word is is guessed by how
// it is written and how it ends; exceptions that are often counted are named.

// endsWith reports whether a word has one of these endings, parted by spaces.
func endsWith(word, endings string) bool {
	for ending := range strings.FieldsSeq(endings) {
		if strings.HasSuffix(word, ending) {
			return true
		}
	}
	return false
}

// germanNounGender looks at a noun, which has a capital, or at an adjective
// before one: 1 große Tasse.
func germanNounGender(r *reader, at int) gender {
	w := r.at(at)
	if r.kind(at) != wordToken || !r.ends(at+1) && r.at(at+1) != "-" {
		return alone
	}
	if germanNumbered[r.at(at-2)] {
		return alone // Kapitel 1 Einleitung
	}
	c, _ := utf8.DecodeRuneInString(w)
	if n := r.at(at - 1); n != "1" && unicode.IsUpper(c) && strings.HasSuffix(n, "01") {
		return masculine // hundertein Tage
	}
	switch {
	case starters[w], r.tokens[at].caps && len(w) > 1, len(w) == 1 && r.isGlued(at+1, "."): // Abs. 1 S. 2
		return alone
	case unicode.IsUpper(c):
		if germanFeminine[w] || endsWith(w, "e ung heit keit schaft tät ion ik ur enz anz erei") && !germanMasculine[w] && !strings.HasPrefix(w, "Ge") {
			return feminine
		}
		return masculine
	case r.kind(at+1) != wordToken || !r.tokens[at+1].title:
		return alone
	case strings.HasSuffix(w, "e"):
		return feminine
	case strings.HasSuffix(w, "er"), strings.HasSuffix(w, "es"):
		return masculine
	}
	return alone
}

var (
	// germanNumbered are nouns behind which a number is a name.
	germanNumbered = set(`Kapitel Seite Band Teil Nummer Nr Platz Stufe Phase Klasse Abbildung Tabelle Artikel Absatz Paragraph Zimmer Raum
		Gleis Linie Bus Halle Block Punkt Schritt Folge Staffel Version Kanal Tor Akt Szene Weltkrieg Typ Aufgabe Übung Lektion Tag`)
	germanFeminine = set(`Frau Stunde Sekunde Woche Nacht Hand Stadt Person Tasse Flasche Dose Packung Prise Zwiebel Kartoffel Tomate Karotte
		Möhre Banane Orange Zitrone Scheibe Tafel Katze Maus Kuh Tochter Schwester Mutter Idee Frage Antwort Farbe Straße Schule Reise Sache Stelle Seite
		Zeile Spalte Note Uhr Zahl Art Form Bank Gabel Insel Regel Kugel Schachtel Feder Nummer Mauer Zehe Knoblauchzehe Messerspitze Handvoll
		Million Milliarde Billion Mark Krone Rupie Lira Tonne Meile Unze Gallone Kalorie Stange Rolle Kiste Schüssel Platte Datei Mail Firma Wand Wahl
		Kraft Macht Nuss Gans Axt Wurst Last Luft Haut Braut Faust Frist Kunst Brust Lust Schnur Spur Tür Tour`)
	germanMasculine = set("Junge Kunde Name Löwe Hase Affe Buchstabe Gedanke Käse Kollege Neffe Auge Ende Interesse Franzose Chinese Russe")
)

// spanishNounGender looks at a word in small letters that may be a noun.
func spanishNounGender(r *reader, at int) gender {
	w := r.at(at)
	if r.kind(at) != wordToken || r.tokens[at].title || !r.ends(at+1) || spanishNoNoun[w] || len(w) < 3 {
		return alone
	}
	if before := strings.ToLower(r.at(at - 2)); spanishNumbered[before] {
		return alone
	}
	switch {
	case spanishMasculine[w], endsWith(w, "ma mas") && !endsWith(w, "cama camas rama ramas llama llamas dama damas forma formas firma firmas norma normas alarma alarmas lágrima lágrimas toma tomas goma gomas loma lomas pluma plumas cima cimas broma bromas yema yemas"):
		return masculine
	case endsWith(w, "a as ión iones dad dades tad tades tud tudes umbre umbres triz trices vez veces luz luces cruz cruces voz voces noche noches clase clases calle calles llave llaves nube nubes tarde tardes mujer mujeres flor flores mano manos moto motos foto fotos parte partes gente serie series sangre carne torre torres leche fe ley leyes red redes piel pieles sal miel imagen imágenes orden órdenes"):
		return feminine
	}
	return masculine
}

var (
	spanishNoNoun = set(`de del y e o u ni a al en por para con sin sobre entre hasta desde que como es son era fue está están hay ha han he no si se
		le les lo la los las un una más menos veces pero cuando donde porque ya también muy mil millón millones según durante tras ante bajo contra mediante
		han había puede pueden tiene tienen quedan queda están gana ganó vale valen cuesta cuestan`)
	spanishMasculine = set("día días mapa mapas planeta planetas tranvía sofá sofás gramo kilo policías atletas artistas turistas guardias papá papás")
	spanishNumbered  = set("capítulo página número tomo sala piso puerta línea canal artículo punto nivel tipo fase etapa grupo versión año siglo el uno")
)

// frenchNounGender looks at a word in small letters that may be a noun. It counts
// for one only: une, vingt et une.
func frenchNounGender(r *reader, at int) gender {
	w := r.at(at)
	number := r.at(at - 1)
	if r.kind(at) != wordToken || r.tokens[at].title || !r.ends(at+1) || !strings.HasSuffix(number, "1") || strings.HasSuffix(number, "11") || frenchNumbered[strings.ToLower(r.at(at-2))] {
		return alone
	}
	if isFrenchFeminine(strings.TrimSuffix(w, "s")) {
		return feminine
	}
	return alone
}

// isFrenchFeminine guesses the gender of a noun in the singular.
func isFrenchFeminine(noun string) bool {
	return frenchFeminine[noun] || endsWith(noun, "tion sion xion té ée ette esse ance ence ture ière elle enne ade tude euse trice aine erie") && !frenchMasculine[noun]
}

var (
	frenchNumbered  = set("chapitre page numéro tome article ligne étape phase type version salle porte")
	frenchMasculine = set("musée lycée côté été comité traité pâté squelette modèle")
	frenchFeminine  = set(`heure minute seconde page foi personne femme fille voiture maison table tasse cuillère tranche bouteille boîte pièce place
		ligne étoile goutte feuille lettre classe chambre porte ville rue carte question réponse idée chose mère sœur part livre main tête vie nuit
		langue image série étape règle photo vidéo partie histoire œuvre île école église banque entreprise société équipe liste note noix gousse pincée
		pomme poire carotte tomate orange banane rose fleur plante arme clé dent jambe oreille famille région province route course victoire défaite
		c cuil mort voix fenêtre chaise robe chemise chaussure valise clef tonne once calorie couronne roupie lire`)
)
