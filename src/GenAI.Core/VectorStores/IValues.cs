using System.Diagnostics.CodeAnalysis;

namespace GenAI.Core.VectorStores;

/// <summary>A column whose rows have one value, or null.</summary>
internal interface IValues<T>
{
    bool TryGet(int row, [MaybeNullWhen(false)] out T value);
}

/// <summary>A column whose rows have a list of values, or null.</summary>
internal interface ILists<T>
{
    bool TryGet(int row, [MaybeNullWhen(false)] out T[] list);
}
