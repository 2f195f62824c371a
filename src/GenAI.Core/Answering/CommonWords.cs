using System.Collections.Frozen;

namespace GenAI.Core.Answering;

/// <summary>English words that say little about what a question asks for. For other languages see <see cref="QuestionLanguage"/>.</summary>
internal static class CommonWords
{
    private const double Generic = 0.25;
    private const double Common = 0.6;

    /// <summary>Words that build the question.</summary>
    private static readonly FrozenSet<string> FunctionWords = Words(
        "a an and are as at be been being but by can could did do does doing for from had has have having he her him his how i if in into is it its itself me my of on or our she should so " +
        "than that the their them then there these they this those to too us was we were what what's whats when where which while who whom whose why will with would you your yours " +
        "about after all also am any because before between both each either ever every few i'm i've isn't don't doesn't can't won't aren't cannot just may might more most much must no nor not now " +
        "off only other ought out over own please same shall some such though through under until up very via whether within without yet " +
        "tell explain describe give list define know show mean means meaning");

    /// <summary>Words that fit almost any question: weak evidence where found, and where missing.</summary>
    private static readonly FrozenSet<string> GenericWords = Words(
        "use used uses using usage work works working happen happens happened difference differences different make makes made making get gets getting got want wants need needs needed find way ways thing things " +
        "something anything someone anyone people person good better best many long often kind kinds type types example examples possible able possibly available exist exists try do done go goes going come comes " +
        "take takes taken put let like look see say says said help helps helpful information details detail reason reasons purpose point points part parts main important common commonly usually actually really currently " +
        "new old first last next question questions answer answers case cases time times year years day days number numbers amount various certain specific general generally start begin add keep allow allows allowed " +
        "require required requires requirement requirements involve involved include included includes contain contains provide provides provided consider considered related learn understand role issue issues problem problems " +
        "exactly instead still always never already sure right wrong ok okay one two three several lot else");

    /// <summary>Ordinary words that a paraphrase easily replaces.</summary>
    private static readonly FrozenSet<string> OrdinaryWords = Words(
        "ability accept access according account achieve across act action actions active activity actual additional affect affected affects age ago agree allow apply applied applies approach appropriate area areas around ask aspect " +
        "associated attempt available avoid aware back bad based basic basis become becomes behind believe below benefit benefits big break bring build building built call called calls care carry cause caused causes causing challenge " +
        "challenges chance change changed changes changing characteristic characteristics check choice choose chosen clear close closed come compare compared complete completely concept concern concerns condition conditions consequence " +
        "consequences consist consists contact content continue control correct cost costs create created creates creating current damage deal decide decided decision decrease deep define defined depend depends describe described design " +
        "designed determine determined develop developed development differ difficult direct directly discover discovered discuss divide done down drop due early easily easy effect effective effects effort enable end ended ends enough " +
        "ensure entire especially establish even event events eventually evidence examine except expect expected experience explain extent fact factor factors fail fails failed fall far fast feature features feel field figure final finally fit fix " +
        "fixed focus follow followed following follows form formed forms forward found free full fully function functions further future gain great group groups grow growth hand handle handled happen hard head high higher highest hold " +
        "how idea identify impact implement implications important improve improved increase increased increases indicate individual influence initial inside intended interest internal introduce introduced join kept key large larger largest later lead leads leave " +
        "led left less level levels life likely limit limitation limitations limits line link little live local located location lose lost low lower maintain major majority manage manner matter maximum measure meet member members method methods middle " +
        "minimum minute minutes month months move moved name named names nature near necessary negative normal note notice object observe observed obtain occur occurs offer open operate opposed option options order original others outcome outside overall " +
        "particular pass past pay percent perform performed period permit place placed play possibility potential practice prefer present prevent previous previously primary principle prior process processes produce produced produces proper properly " +
        "protect prove purpose put quality quick quickly raise range rate rather reach read ready real receive received recent recently recommend recommended reduce reduced refer refers regarding relate relation relationship relationships relative remain remove removed " +
        "replace report represent represents resolve respect respond response result results return returned returns review rid role rule rules run running runs safe save scale section select send sense sent separate serve set sets setting setup several " +
        "share short show side sign significance significant similar similarities simple simply since single situation situations size small solution solve sort source space special specify stage stand standard state stay step steps stop store strong structure " +
        "subject successful successfully suggest suitable support supported supporting supports supposed system systems table task tasks term terms test though today together tool tools top total toward track traditional treat true turn typical typically " +
        "unable understand understanding unit update updated upon useful user users value values version versions view visit wait want week weeks well whole wide win word words work world worth write written wrong affect advantage advantages disadvantage disadvantages " +
        "pros cons versus vs reliable relevant settle deliver happening occurring aim aims goal goals highly popular famous known unknown besides despite therefore however perhaps maybe almost quite tend tends " +
        "cost costs price prices temperature duration period date dates size age percentage deadline speed length height weight width distance capacity name named " +
        "increases decreases implies imply purposes meant whenever wherever whichever aside apart along ahead away");

    private static readonly FrozenSet<string> MeasureWords = Words("long many much often old large big far high fast tall soon quickly early late deep wide heavy small short strong hot cold close well frequently");

    /// <summary>Whether the word asks for an amount behind "how".</summary>
    public static bool IsMeasureWord(string lower) => MeasureWords.Contains(lower);

    public static bool IsFunctionWord(string lower) => FunctionWords.Contains(lower);

    /// <summary>How much a word says: 1 for a specific word, less for a common one.</summary>
    public static double SpecificityOf(string lower) => GenericWords.Contains(lower) ? Generic : OrdinaryWords.Contains(lower) ? Common : 1;

    private static FrozenSet<string> Words(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
