using System.Collections.Frozen;
using GenAI.Core.Text;

namespace GenAI.Core.Verification;

/// <summary>Words whose exchange turns a statement round: increase and decrease, before and after, enabled and disabled.</summary>
internal static class OppositeTable
{
    // Two sides of an axis. A word is on one axis only: the first that names it.
    private static readonly string[] Rows =
    [
        "increase rise grow raise elevate upregulate gain expand climb | decrease fall decline reduce lower drop shrink diminish downregulate lessen",
        "increased raised elevated upregulated | decreased reduced lowered downregulated diminished",
        "before prior preceding earlier | after following later subsequent",
        "above over exceed exceeding | below under beneath",
        "more greater higher larger bigger longer | less fewer smaller shorter lesser",
        "maximum most max upper highest largest greatest | minimum least min lowest smallest",
        "enable activate | disable deactivate",
        "allow permit let | deny forbid prohibit prevent block disallow",
        "true | false",
        "include contain | exclude omit",
        "add insert append | remove delete",
        "start begin launch | stop end finish",
        "open | close",
        "first | last",
        "required mandatory compulsory | optional",
        "possible able | impossible unable",
        "positive | negative",
        "high | low",
        "faster quicker quickly fast | slower slowly slow",
        "public | private",
        "internal | external",
        "success succeed successful | failure unsuccessful",
        "accept | reject decline refuse",
        "valid | invalid",
        "visible shown | invisible hidden",
        "correct right | incorrect wrong",
        "with | without",
        "safe | unsafe dangerous",
        "present | absent",
        "improve better | worsen worse",
        "activation stimulate promote induce facilitate | inhibition inhibit suppress",
        "up | down",
        "inside | outside",
        "import upload | export download",
        "sell sale | buy purchase",
        "send | receive",
        "lock | unlock",
        "encrypt | decrypt",
        "connect attach | disconnect detach",
        "install | uninstall",
        "synchronous | asynchronous",
        "mutable | immutable",
        "equal | unequal",
        "same identical | different",
        "support supported | unsupported",
        "known | unknown",
        "ascending | descending",
        "horizontal | vertical",
        "left | right",
        "male men | female women",
        "acute | chronic",
        "benign | malignant",
        "early | late",
        "strong | weak",
        "cheap inexpensive | expensive",
        "simple easy | complex difficult hard",
        "always | never",
        "everyone everybody | nobody",
        "everything | nothing",
        "win | lose",
        "agree | disagree",
        "appear | disappear",
        "compatible | incompatible",
        "available | unavailable",
        "necessary | unnecessary",
        "legal | illegal",
        "direct | indirect",
        "dependent | independent",
        "protect | expose",
        "old older | new newer",
        "long | short",
        "large big | small",
        "common frequent | rare",
    ];

    private static readonly FrozenDictionary<ulong, (int Axis, int Direction)> Words = All().ToFrozenDictionary();

    /// <summary>The axis and the side of a word, by the hash of its stem; axis 0 for a word without an opposite.</summary>
    public static (int Axis, int Direction) Find(ulong stem) => Words.GetValueOrDefault(stem);

    private static Dictionary<ulong, (int Axis, int Direction)> All()
    {
        var words = new Dictionary<ulong, (int, int)>();
        for (var i = 0; i < Rows.Length; i++)
        {
            var sides = Rows[i].Split('|', StringSplitOptions.TrimEntries);
            for (var side = 0; side < 2; side++)
            {
                foreach (var word in sides[side].Split(' '))
                    words.TryAdd(SynonymTable.StemOf(word), (i + 1, side == 0 ? 1 : -1));
            }
        }

        return words;
    }
}
