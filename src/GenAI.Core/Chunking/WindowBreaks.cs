namespace GenAI.Core.Chunking;

/// <summary>Cuts where the limit is, between grapheme clusters.</summary>
internal sealed class WindowBreaks : BreakRule
{
    public override bool FillsPieces => true;

    public override int Cut(in SplitWindow window) => window.Reach;

    public override int OverlapStart(ReadOnlySpan<char> text, int earliest, in TextPiece previous) => earliest;
}
