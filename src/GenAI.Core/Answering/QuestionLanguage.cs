using System.Collections.Frozen;

namespace GenAI.Core.Answering;

/// <summary>The words that build a question in a language other than English: question words, articles, prepositions, auxiliary and light verbs.</summary>
/// <remarks>
/// Such a word would otherwise count as a term that the sources lack. The lists are used for questions in their language alone: "comment" and "die"
/// are French and German function words, but English content words.
/// </remarks>
internal sealed class QuestionLanguage
{
    private static readonly QuestionLanguage[] All =
    [
        new("wie was wer wen wem wessen wann wo wohin woher warum wieso weshalb welche welcher welches welchen welchem wieviel lange lang viel viele oft hoch groß weit schnell teuer alt " +
            "der die das den dem des ein eine einen einem einer eines kein keine keinen ich du er sie es wir ihr man mir mich dir dich uns sich mein meine meinen unser unsere ihre ihren sein seine " +
            "ist sind war waren wird werden wurde wurden bin hat haben habe hatte kann können konnte muss müssen soll sollen darf dürfen will wollen möchte gilt gelten gibt geht dauert liegt heißt bedeutet " +
            "in im am an auf aus bei beim mit nach von vom zu zum zur für über unter vor um durch ohne gegen und oder aber nicht auch wenn ob dass als noch nur so", capitalizesNouns: true),
        new("comment quoi que qu'est-ce qui quel quelle quels quelles quand où pourquoi combien est-ce lequel laquelle faut-il peut-on puis-je dois-je " +
            "le la les l un une des du de d au aux ce cet cette ces je tu il elle on nous vous ils elles mon ma mes notre votre vos son sa ses leur leurs se " +
            "est sont était été être a ai as ont avoir peut peuvent pouvez doit doivent faut fait faire va y en dans sur sous avec sans pour par entre chez vers et ou mais ne pas si plus signifie dure"),
        new("cómo como qué que quién quien quiénes cuál cual cuáles cuándo cuando dónde donde cuánto cuánta cuántos cuántas " +
            "el la los las un una unos unas lo al del de yo tú él ella nosotros ustedes mi mis tu tus su sus nuestro nuestra se me te le les " +
            "es son era fue ser está están estar hay ha han he puedo puede pueden poder debo debe deben tengo tiene tienen hace hacer significa dura en con sin por para sobre entre hasta desde y o u pero no si más"),
        new("come che cosa cos'è chi quale quali quando dove dov'è perché quanto quanta quanti quante qual " +
            "il lo la i gli le un uno una l del dello della dei degli delle al allo alla ai agli alle nel nella nei nelle sul sulla dal dalla di a da in con su per tra fra " +
            "io tu lui lei noi voi loro mio mia mie suo sua nostro si mi ti ci è sono era essere sta stanno ha hanno ho avere può possono posso deve devono devo fa fare significa dura e o ma non se più"),
        new("como que quê quem qual quais quando onde quanto quanta quantos quantas porque porquê " +
            "o a os as um uma uns umas do da dos das no na nos nas ao à aos às pelo pela de em com sem por para sobre entre até " +
            "eu tu ele ela nós vocês você meu minha meus minhas seu sua nosso se me é são era foi ser está estão estar há tem têm ter posso pode podem deve devem devo faz fazer significa dura e ou mas não mais"),
        new("hoe wat wie wanneer waar waarom welke welk hoeveel lang vaak waarvoor waarmee " +
            "de het een ik jij je hij zij ze wij we jullie mijn jouw uw zijn haar ons onze zich " +
            "is was waren ben bent wordt worden werd heeft hebben heb had kan kunnen kon moet moeten mag mogen wil willen zal zullen geldt duurt betekent " +
            "in op aan van voor met naar bij uit over door onder tussen zonder tot om te en of maar niet ook als dat die dit deze er"),
    ];

    private readonly FrozenSet<string> _functionWords;

    private QuestionLanguage(string functionWords, bool capitalizesNouns = false)
    {
        _functionWords = functionWords.Split(' ').ToFrozenSet(StringComparer.Ordinal);
        CapitalizesNouns = capitalizesNouns;
    }

    /// <summary>Whether a capital makes no name.</summary>
    public bool CapitalizesNouns { get; }

    public bool IsFunctionWord(string lower) => _functionWords.Contains(lower);

    /// <summary>The language that most of the words build; null for English, which also wins ties, and for languages not known here.</summary>
    public static QuestionLanguage? Of(IEnumerable<string> lowerWords)
    {
        List<string> words = [.. lowerWords];
        QuestionLanguage? found = null;
        var most = words.Count(CommonWords.IsFunctionWord);
        foreach (var language in All)
        {
            var count = words.Count(language.IsFunctionWord);
            if (count > most)
                (found, most) = (language, count);
        }

        return found;
    }
}
