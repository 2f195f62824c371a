using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace GenAI.Core.Policies;

/// <summary>Tells languages by their scripts and their most frequent words.</summary>
internal static class LanguageGuess
{
    // Fewer words of a language may stand in a text of another.
    private const int FewestWords = 5, FewestLetters = 10;

    // So much of a text is looked at.
    private const int Sample = 8000;

    // Before this are Latin letters.
    private const char FirstOwnScript = '\u0370';

    // Words that several languages share count a part.
    private const double FewestFound = 1.25;

    // Of the hash of words (FNV-1a).
    private const uint Basis = 2166136261, Prime = 16777619;

    private static readonly (string Code, char From, char To)[] Scripts =
    [
        ("el", '\u0370', '\u03FF'), ("hy", '\u0530', '\u058F'), ("he", '\u0590', '\u05FF'), ("hi", '\u0900', '\u097F'), ("bn", '\u0980', '\u09FF'), ("pa", '\u0A00', '\u0A7F'), ("gu", '\u0A80', '\u0AFF'), ("ta", '\u0B80', '\u0BFF'),
        ("te", '\u0C00', '\u0C7F'), ("kn", '\u0C80', '\u0CFF'), ("ml", '\u0D00', '\u0D7F'), ("si", '\u0D80', '\u0DFF'), ("th", '\u0E00', '\u0E7F'), ("lo", '\u0E80', '\u0EFF'), ("my", '\u1000', '\u109F'), ("ka", '\u10A0', '\u10FF'),
        ("ko", '\u1100', '\u11FF'), ("am", '\u1200', '\u137F'), ("km", '\u1780', '\u17FF'), ("ja", '\u3040', '\u30FF'), ("ko", '\uAC00', '\uD7AF'), ("zh", '\u4E00', '\u9FFF'),
    ];

    private static readonly (string Code, string Words)[] Frequent =
    [
        ("en", "the of and to in is that it for was on are with as be this have from or by not but what all were when we there can an your which their if do will how you they has one"),
        ("de", "der die und das den von zu mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen ich oder wir"),
        ("fr", "le de la les et des en un du une que est pour qui dans par pas au sur plus ce il ne se son sont avec nous vous ou à été être cette aux sa mais comme leur ses d'une elle"),
        ("es", "el de la que y los se del las un por con una su para es al lo como más pero sus le ya o fue este sí porque esta son entre está cuando muy sin sobre ser tiene también me hasta hay donde toda"),
        ("it", "di che è e la il un in per una non sono del della con si da come le dei al anche più gli nel alla ma o lo ha i delle nella questo essere ed dal su suo loro ogni individuo ad"),
        ("pt", "de que e o do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua ou ser quando muito há nos já está eu também só pelo pela até toda"),
        ("nl", "de van het een en in is dat op te zijn voor met die niet aan er om ook als dan maar bij of uit nog naar heeft ze door over je wordt worden deze ik wij kan zich hij ieder heeft geen"),
        ("sv", "och i att det som en på är av för med den till inte har de ett om var han men sig från vi så kan när år hade eller skall varje alla han hon sin utan vara ej"),
        ("da", "og i at det er en til af på for med de den der ikke som har et var han men sig fra vi kan om eller skal enhver alle sin uden være ved hans hun også blev ret"),
        ("no", "og i det er på til en av for at med som han har de ikke den et var fra men seg vi kan om eller skal enhver alle sin uten være ved hans hun også ble rett etter"),
        ("fi", "ja on ei se että oli hän mutta ovat kun joka niin myös tai jos hänen ole vain kuin mukaan ollut sen jokaisella oikeus olla ihmisen kaikki sekä sitä tämä voi eikä kaikkien"),
        ("pl", "w i na się nie z do że jest to o jak od za po co ale czy ma dla być jego przez lub oraz każdy człowiek prawo ze są tym tego te ich które który jednak tylko sobie może"),
        ("cs", "a v se na je že s z do o to i jako za by si ale po k ve pro jsou od tak jeho která které být má nebo každý právo na při aby než jen byl není také"),
        ("sk", "a v sa na je že s z do o to aj ako za by si ale po k vo pre sú od tak jeho ktorá ktoré byť má alebo každý právo pri aby než len bol nie je také ktorý svojej"),
        ("hu", "a az és hogy nem egy is ez van meg de volt azt csak már mint ha el vagy még minden ki kell sem joga joga van személynek szerint által ezt aki ami kell minden valamint"),
        ("ro", "de și în a la cu nu o pe care este din un că se mai pentru sau ce prin fi sunt lui al ale dar are ca după sa orice persoană dreptul către cel său trebuie această"),
        ("tr", "ve bir bu için da de ile olarak çok daha en ne gibi olan var o her kadar sonra değil ya ki veya hakkı herkes şahsın vardır hiç kimse olduğu ancak ise kendi"),
        ("hr", "i u je da se na za su od s a o kao ne koji koja koje bi ili što biti ima svatko pravo njegov iz po ali sve ako može samo te kako nije"),
        ("vi", "và của là có được trong cho không các một những với người này khi đã để về ra mọi quyền hay từ đó vào đều như phải bị đến theo cũng nhân"),
        ("id", "yang dan di dengan untuk dari dalam pada ini adalah itu tidak atau ke setiap orang berhak akan oleh sebagai atas hak ada juga bahwa telah dapat mereka harus"),
        ("ca", "de la i el que a en les per un una amb del és els no es al o més com dret tota persona té són aquesta seva aquest ser però qualsevol ni pels"),
        ("et", "ja on ei et see ta oli kui ka aga või oma mis ning igal inimesel õigus olla nii selle kes kõik mitte tema seda peab üle"),
        ("lv", "un ir ar no uz par ka kas tas bet vai kā katram cilvēkam tiesības nav būt viņa pie šo to lai ikvienam visi jābūt tiek"),
        ("lt", "ir yra kad į su iš ne kaip tai bet ar jo kiekvienas žmogus turi teisę būti visi arba už nuo dėl savo jis jų tik gali"),
        ("ru", "и в не на что с он как это по но из у за от о же все так его к было для только бы мне вы или человек имеет право быть каждый при который том без при его"),
        ("uk", "і в не на що з він як це по але із у за від про ж всі так його до було для тільки має право бути кожна людина або при який та є без своїх"),
        ("bg", "и в не на че с той как това по но от за се са да е си или има право човек всеки бъде при който без неговата към като към той със"),
        ("sr", "и у је да се на за су од са а о као не који која које би или што бити има свако право његов из по али све ако може само те како није"),
        ("ar", "في من على إلى أن ما لا هذا التي الذي عن مع كل أو هو كان إن قد هذه لكل بين حق شخص وفي ولا فيها له دون"),
        ("fa", "و در به از که این را با است برای آن یک خود تا بر هر شود حق دارد کس باشد نمی یا می های شده باید مورد"),
        ("ur", "کے میں کی ہے اور سے کا کو پر نے اس کہ ہر شخص حق یا نہیں ہو جائے اپنے گا بھی جو"),
    ];

    // The words with the languages that have them, by hash; a place that is taken has the next. Hashes lie by themselves, for most words of a text are compared with nothing else.
    private static readonly (string Word, byte[] Languages)[] ByHash;
    private static readonly uint[] Hashes;

    static LanguageGuess()
    {
        var words = Frequent.SelectMany((language, i) => language.Words.Split(' ').Distinct().Select(word => (Word: word, Language: (byte)i))).GroupBy(pair => pair.Word, pair => pair.Language).ToList();
        ByHash = new (string Word, byte[] Languages)[(int)BitOperations.RoundUpToPowerOf2((uint)words.Count * 2)];
        Hashes = new uint[ByHash.Length];
        foreach (var word in words)
        {
            var hash = HashOf(word.Key);
            var place = PlaceOf(hash, ByHash.Length);
            while (ByHash[place].Word is not null)
                place = (place + 1) & (ByHash.Length - 1);
            (ByHash[place], Hashes[place]) = ((word.Key, [.. word]), hash);
        }
    }

    /// <summary>The codes that can come out.</summary>
    public static IReadOnlyList<string> Known { get; } = [.. Scripts.Select(script => script.Code).Concat(Frequent.Select(language => language.Code)).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The language that most of a text is in; null if that cannot be told.</summary>
    public static string? Of(string text)
    {
        var sample = text.AsSpan(0, Math.Min(text.Length, Sample));
        Span<int> scripts = stackalloc int[Scripts.Length];
        scripts.Clear();
        var (shared, own) = (0, 0);
        foreach (var c in sample)
        {
            if (c < FirstOwnScript ? !IsLetter(c) : !char.IsLetter(c))
                continue;
            var script = c < FirstOwnScript ? -1 : ScriptOf(c);
            if (script < 0)
            {
                shared++;
                continue;
            }

            own++;
            scripts[script]++;
        }

        if (own == 0)
            return ByWords(sample);

        var letters = new Dictionary<string, int>();
        for (var i = 0; i < Scripts.Length; i++)
        {
            if (scripts[i] > 0)
                letters[Scripts[i].Code] = letters.GetValueOrDefault(Scripts[i].Code) + scripts[i];
        }

        // Japanese is written with Chinese characters too, but Chinese without syllables.
        if (letters.GetValueOrDefault("ja") is > 0 and var kana && letters.Remove("zh", out var characters))
            letters["ja"] = kana + characters;
        var (code, most) = letters.MaxBy(pair => pair.Value);
        return most <= shared ? ByWords(sample) : most >= FewestLetters ? code : null;
    }

    private static int ScriptOf(char c)
    {
        for (var i = 0; i < Scripts.Length; i++)
        {
            if (c >= Scripts[i].From && c <= Scripts[i].To)
                return i;
        }

        return -1;
    }

    // A word that several languages share counts for each a part.
    private static string? ByWords(ReadOnlySpan<char> text)
    {
        Span<double> scores = stackalloc double[Frequent.Length];
        scores.Clear();
        var words = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (!IsLetter(text[i]))
                continue;
            var (start, hash) = (i, Basis);
            for (; i < text.Length && (IsLetter(text[i]) || text[i] == '\''); i++)
                hash = (hash ^ Lower(text[i])) * Prime;
            words++;
            if (Languages(text[start..i], hash) is not { } languages)
                continue;
            foreach (var language in languages)
                scores[language] += 1.0 / languages.Length;
        }

        // Of a text of sentences a twelfth at least are frequent words that tell its language.
        var best = TensorPrimitives.IndexOfMax<double>(scores);
        return words >= FewestWords && scores[best] >= FewestFound && scores[best] * 12 >= words ? Frequent[best].Code : null;
    }

    private static uint HashOf(string word)
    {
        var hash = Basis;
        foreach (var c in word)
            hash = (hash ^ c) * Prime;
        return hash;
    }

    private static byte[]? Languages(ReadOnlySpan<char> word, uint hash)
    {
        // Zero is where nothing is.
        var hashes = Hashes;
        for (var place = PlaceOf(hash, hashes.Length); hashes[place] != 0; place = (place + 1) & (hashes.Length - 1))
        {
            if (hashes[place] == hash && ByHash[place].Word is { } known && known.Length == word.Length && IsSame(known, word))
                return ByHash[place].Languages;
        }

        return null;
    }

    private static bool IsSame(string known, ReadOnlySpan<char> word)
    {
        for (var i = 0; i < known.Length; i++)
        {
            if (known[i] != Lower(word[i]))
                return false;
        }

        return true;
    }

    private static int PlaceOf(uint hash, int places) => (int)((hash ^ hash >> 15) & (uint)(places - 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsLetter(char c) => c < 0x80 ? char.IsAsciiLetter(c) : char.IsLetter(c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static char Lower(char c) => c < 0x80 ? (char)(char.IsAsciiLetterUpper(c) ? c | 0x20 : c) : char.ToLowerInvariant(c);
}
