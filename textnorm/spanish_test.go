package textnorm_test

import "testing"

func TestSpanishCases(t *testing.T) { testCases(t, "es", 95, 85) }

func TestSpanish(t *testing.T) {
	readings(t, "es-ES", [][2]string{
		{"El 5 de mayo de 2020 a las 14:05.", "El cinco de mayo de dos mil veinte a las catorce y cinco."},
		{"Cuesta 21,50 €.", "Cuesta veintiún euros cincuenta céntimos."},
		{"1.234.567 personas y 200 libras", "un millón doscientas treinta y cuatro mil quinientas sesenta y siete personas y doscientas libras"},
		{"-5 °C, 20 km/h, 31 h", "menos cinco grados celsius, veinte kilómetros por hora, treinta y una horas"},
		{"El Sr. García y la Dra. Ruiz", "El Señor García y la Doctora Ruiz"},
		{"Felipe II y Alfonso XIII en el siglo XX", "Felipe segundo y Alfonso trece en el siglo veinte"},
		{"3/4 de los 1/2", "tres cuartos de los un medio"},
		{"2.ª vez, 1.er piso, 21.º", "segunda vez, primer piso, vigesimoprimero"},
	})
}
