using System.Collections.Frozen;

namespace GenAI.Core.Verification;

/// <summary>The units that numbers are read with: their names, their symbols and what they are in the unit of their dimension.</summary>
internal static class UnitTable
{
    // Dimension, then names and factors. Names are matched without case and with a plural s, symbols as they are written.
    private static readonly (string Dimension, string Names, string Symbols)[] Rows =
    [
        ("length", "metre=1 meter=1 kilometre=1e3 kilometer=1e3 centimetre=1e-2 centimeter=1e-2 millimetre=1e-3 millimeter=1e-3 micrometre=1e-6 micrometer=1e-6 micron=1e-6 nanometre=1e-9 nanometer=1e-9 angstrom=1e-10 inch=0.0254 inches=0.0254 foot=0.3048 feet=0.3048 yard=0.9144 mile=1609.344 furlong=201.168",
            "m=1 km=1e3 cm=1e-2 mm=1e-3 µm=1e-6 μm=1e-6 um=1e-6 nm=1e-9 Å=1e-10 ft=0.3048 yd=0.9144 mi=1609.344"),
        ("mass", "gram=1 gramme=1 kilogram=1e3 kilogramme=1e3 kilo=1e3 milligram=1e-3 microgram=1e-6 nanogram=1e-9 picogram=1e-12 tonne=1e6 ton=1e6 pound=453.59237 ounce=28.349523125 stone=6350.29318",
            "g=1 kg=1e3 mg=1e-3 µg=1e-6 μg=1e-6 ug=1e-6 mcg=1e-6 ng=1e-9 pg=1e-12 lb=453.59237 lbs=453.59237 oz=28.349523125"),
        ("time", "second=1 sec=1 secs=1 minute=60 mins=60 hour=3600 hr=3600 hrs=3600 day=86400 week=604800 fortnight=1209600 millisecond=1e-3 microsecond=1e-6 nanosecond=1e-9",
            "s=1 min=60 h=3600 ms=1e-3 µs=1e-6 μs=1e-6 us=1e-6 ns=1e-9 wk=604800"),
        ("months", "month=1 quarter=3 year=12 yr=12 yrs=12 decade=120 century=1200 centuries=1200", ""),
        ("data", "bit=0.125 byte=1 kilobyte=1e3 megabyte=1e6 gigabyte=1e9 terabyte=1e12 petabyte=1e15 kibibyte=1024 mebibyte=1048576 gibibyte=1073741824 tebibyte=1099511627776 megabit=1.25e5 gigabit=1.25e8 kilobit=125",
            "B=1 kB=1e3 KB=1e3 MB=1e6 GB=1e9 TB=1e12 PB=1e15 KiB=1024 MiB=1048576 GiB=1073741824 TiB=1099511627776 Mbit=1.25e5 Gbit=1.25e8 kbit=125"),
        ("datarate", "", "bps=1 kbps=1e3 Kbps=1e3 Mbps=1e6 Gbps=1e9 MBps=8e6"),
        ("volume", "litre=1 liter=1 millilitre=1e-3 milliliter=1e-3 microlitre=1e-6 microliter=1e-6 decilitre=0.1 deciliter=0.1 gallon=3.785411784 pint=0.473176473 cc=1e-3",
            "l=1 L=1 ml=1e-3 mL=1e-3 dl=0.1 dL=0.1 µl=1e-6 µL=1e-6 μl=1e-6 μL=1e-6 ul=1e-6 uL=1e-6 nl=1e-9 nL=1e-9"),
        ("amount", "mole=1 millimole=1e-3 micromole=1e-6 nanomole=1e-9", "mol=1 mmol=1e-3 µmol=1e-6 μmol=1e-6 umol=1e-6 nmol=1e-9 pmol=1e-12"),
        ("concentration", "molar=1 millimolar=1e-3 micromolar=1e-6 nanomolar=1e-9", "M=1 mM=1e-3 µM=1e-6 μM=1e-6 uM=1e-6 nM=1e-9 pM=1e-12"),
        ("energy", "joule=1 kilojoule=1e3 calorie=4.184 kilocalorie=4184", "J=1 kJ=1e3 kcal=4184 cal=4.184 kWh=3.6e6 Wh=3600 eV=1.602176634e-19 keV=1.602176634e-16"),
        ("power", "watt=1 kilowatt=1e3 megawatt=1e6 gigawatt=1e9 horsepower=745.7", "W=1 kW=1e3 MW=1e6 GW=1e9 mW=1e-3 hp=745.7"),
        ("frequency", "hertz=1 kilohertz=1e3 megahertz=1e6 gigahertz=1e9", "Hz=1 kHz=1e3 MHz=1e6 GHz=1e9 rpm=0.016666666666666666 bpm=0.016666666666666666 fps=1"),
        ("pressure", "pascal=1 kilopascal=1e3 millibar=100 atmosphere=101325", "Pa=1 kPa=1e3 MPa=1e6 mmHg=133.322 psi=6894.757 bar=1e5 atm=101325"),
        ("voltage", "volt=1 millivolt=1e-3 kilovolt=1e3", "V=1 mV=1e-3 kV=1e3"),
        ("current", "ampere=1 amp=1 milliampere=1e-3", "A=1 mA=1e-3"),
        ("molecular mass", "dalton=1 kilodalton=1e3", "Da=1 kDa=1e3"),
        ("pairs", "", "bp=1 kb=1e3 kbp=1e3 Mb=1e6"),
        ("activity", "", "IU=1 mIU=1e-3 U=1"),
        ("speed", "mph=0.44704 knot=0.514444 kph=0.277777777777778", "kn=0.514444"),
        ("area", "acre=4046.8564224 hectare=1e4 sqm=1", "ha=1e4 m²=1 km²=1e6 cm²=1e-4"),
        ("angle", "degree=1 radian=57.29577951308232", "°=1 deg=1 rad=57.29577951308232"),
        ("screen", "pixel=1", "px=1"),
        ("type size", "point=1", "pt=1"),
        ("ratio", "percent=0.01 percentage=0.01 pct=0.01 permille=0.001", "%=0.01 ‰=0.001"),
        ("fold", "fold=1", "x=1"),
        ("dollar", "dollar=1 buck=1 cent=0.01", "$=1 USD=1 US$=1"),
        ("euro", "euro=1", "€=1 EUR=1"),
        ("sterling", "sterling=1 pence=0.01", "£=1 GBP=1"),
        ("yen", "yen=1", "¥=1 JPY=1"),
        ("rupee", "rupee=1", "₹=1 INR=1"),
        ("franc", "franc=1", "CHF=1"),
        ("krona", "krona=1 kronor=1", "SEK=1"),
        ("krone", "krone=1 kroner=1", "DKK=1"),
        ("dozen", "dozen=12", ""),
    ];

    // Things that are counted, each a dimension of its own; what stands for one thing is joined.
    private const string Things = "row column line character/char word page item record digit file user people/patient/person/participant/individual/subject child/children woman/women man/men mouse/mice cell core thread sample "
        + "study/studies trial token entry/entries copy/copies vote step";

    private static readonly FrozenSet<string> ThingNames = Things.Split(' ').Select(thing => thing.Split('/')[0]).ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Unit>.AlternateLookup<ReadOnlySpan<char>> Symbols = Table(row => row.Symbols, StringComparer.Ordinal);
    private static readonly FrozenDictionary<string, Unit>.AlternateLookup<ReadOnlySpan<char>> Names = Table(row => row.Names, StringComparer.OrdinalIgnoreCase);

    /// <summary>The unit that a word is; none if it is not one.</summary>
    public static Unit Find(ReadOnlySpan<char> word)
    {
        if (Symbols.TryGetValue(word, out var unit) || Names.TryGetValue(word, out unit))
            return unit;
        return word.Length > 3 && word[^1] is 's' or 'S' && Names.TryGetValue(word[..^1], out unit) ? unit : default;
    }

    /// <summary>Degrees of temperature, by the letter behind the sign.</summary>
    public static Unit Temperature(char letter) => letter switch
    {
        'C' => new Unit("temperature", 1, 273.15),
        'F' => new Unit("temperature", 5.0 / 9, 273.15 - 32 * 5.0 / 9),
        'K' => new Unit("temperature", 1),
        _ => default,
    };

    /// <summary>Whether it is something that is counted, which is a word of the statement like others, and no measure.</summary>
    public static bool IsThing(Unit unit) => unit.Dimension is { } dimension && ThingNames.Contains(dimension);

    /// <summary>Whether it is money.</summary>
    public static bool IsCurrency(Unit unit) => unit.Dimension is "dollar" or "euro" or "sterling" or "yen" or "rupee" or "franc" or "krona" or "krone";

    private static FrozenDictionary<string, Unit>.AlternateLookup<ReadOnlySpan<char>> Table(Func<(string Dimension, string Names, string Symbols), string> column, StringComparer comparer)
    {
        var units = new Dictionary<string, Unit>(comparer);
        foreach (var row in Rows)
        {
            foreach (var entry in column(row).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var at = entry.LastIndexOf('=');
                units.Add(entry[..at], new Unit(row.Dimension, double.Parse(entry[(at + 1)..], System.Globalization.CultureInfo.InvariantCulture)));
            }
        }

        if (comparer == StringComparer.OrdinalIgnoreCase)
        {
            foreach (var thing in Things.Split(' '))
            {
                foreach (var name in thing.Split('/'))
                    units.Add(name, new Unit(thing.Split('/')[0], 1));
            }
        }

        return units.ToFrozenDictionary(comparer).GetAlternateLookup<ReadOnlySpan<char>>();
    }
}
