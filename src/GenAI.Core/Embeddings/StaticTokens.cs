using System.Runtime.CompilerServices;
using GenAI.Core.Text;
using GenAI.Core.Tokenization;

namespace GenAI.Core.Embeddings;

/// <summary>The tokens of one text after another: each id once, in the order in which they came first, and how often it came.</summary>
/// <remarks>For one thread at a time; it belongs to the vocabulary that it was made for. Nothing is allocated once it has grown.</remarks>
/// <param name="rows">The number of ids.</param>
internal sealed class StaticTokens(int rows)
{
    // By id: its place in the list + 1; 0 where it has not come.
    private readonly int[] _places = new int[rows];
    private int[] _ids = new int[256];
    private int[] _counts = new int[256];

    /// <summary>The number of different ids.</summary>
    public int Count { get; private set; }

    /// <summary>The ids.</summary>
    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, Count);

    /// <summary>How often each of <see cref="Ids"/> came; 1 or more.</summary>
    public ReadOnlySpan<int> Counts => _counts.AsSpan(0, Count);

    /// <summary>The ids of words met before.</summary>
    internal WordCache Cache { get; } = new();

    /// <summary>Room for a folded word.</summary>
    internal char[] Folded { get; } = new char[(WordEnumerator.MaxLength + 2) * TextFolding.MaxExpansion];

    /// <summary>The ids of the word at hand, with repetitions.</summary>
    internal int[] Word { get; private set; } = new int[WordEnumerator.MaxLength];

    /// <summary>Forgets the text.</summary>
    public void Clear()
    {
        for (var i = 0; i < Count; i++)
            _places[_ids[i]] = 0;
        Count = 0;
    }

    /// <summary>Counts an id.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int id)
    {
        ref var place = ref _places[id];
        if (place == 0)
            place = AddNew(id);
        else
            _counts[place - 1]++;
    }

    /// <summary>Makes room for more ids of the word at hand: a run of a script without spaces is one word however long it is.</summary>
    internal void GrowWord()
    {
        var word = Word;
        Array.Resize(ref word, word.Length * 2);
        Word = word;
    }

    private int AddNew(int id)
    {
        if (Count == _ids.Length)
        {
            Array.Resize(ref _ids, Count * 2);
            Array.Resize(ref _counts, Count * 2);
        }

        _ids[Count] = id;
        _counts[Count] = 1;
        return ++Count;
    }
}
