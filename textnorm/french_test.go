package textnorm_test

import "testing"

func TestFrenchCases(t *testing.T) { testCases(t, "fr", 95, 85) }

func TestFrench(t *testing.T) {
	readings(t, "fr-FR", [][2]string{
		{"Le 1er janvier 1985 à 14h30.", "Le premier janvier mille neuf cent quatre-vingt-cinq à quatorze heures trente."},
		{"Ça coûte 21,50 €.", "Ça coûte vingt et un euros cinquante centimes."},
		{"1 234 567 personnes, 200 et 80", "un million deux cent trente-quatre mille cinq cent soixante-sept personnes, deux cents et quatre-vingts"},
		{"-5 °C, 20 km/h, 21 h", "moins cinq degrés celsius, vingt kilomètres par heure, vingt et une heures"},
		{"Louis XIV au XVIIe siècle, François Ier", "Louis quatorze au dix-septième siècle, François premier"},
		{"la 2e fois, 1re page, 71e, 99", "la deuxième fois, première page, soixante et onzième, quatre-vingt-dix-neuf"},
		{"3/4 et 1/2, 50 %", "trois quarts et un demi, cinquante pour cent"},
		{"M. Dupont et Mme Martin", "Monsieur Dupont et Madame Martin"},
	})
	readings(t, "fr-BE", [][2]string{{"71, 85 et 99", "septante et un, quatre-vingt-cinq et nonante-neuf"}})
}
